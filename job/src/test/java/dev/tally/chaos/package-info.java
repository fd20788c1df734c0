/**
 * The real pipeline on a real cluster, whose processes are killed while a foreign client writes.
 * What must hold whatever happens is here as code, once: rows equal a recount, no guard decreases,
 * the replayed feed equals the table.
 */
package dev.tally.chaos;
