/** Writes rows, replicas, feeds, status and dead letters to their targets. */
package dev.tally.sink;
