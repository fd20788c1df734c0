/** Wire forms of items, diffs and rows. */
package dev.tally.json;
