/** Keeps what each group amounts to. */
package dev.tally.aggregate;
