/** Reads segments and shards and emits item changes. */
package dev.tally.source.reader;
