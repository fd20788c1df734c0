/** Reads the stream with the consumer of Apache's own connector, for comparison. */
package dev.tally.source.apache;
