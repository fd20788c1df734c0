/** Segments of a scan and shards of a stream, as kept in checkpoints. */
package dev.tally.source.split;
