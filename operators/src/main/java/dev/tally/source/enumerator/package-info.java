/** Decides what is read, in which order, by which reader; and notices gaps. */
package dev.tally.source.enumerator;
