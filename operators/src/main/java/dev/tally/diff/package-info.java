/** Keeps what each item is, and turns changes into exact diffs. */
package dev.tally.diff;
