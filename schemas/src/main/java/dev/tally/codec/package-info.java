/** Bytes of everything kept in state or sent between tasks, by version. */
package dev.tally.codec;
