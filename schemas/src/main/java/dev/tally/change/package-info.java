/** What happens to an item: changes, their order, and exact diffs. */
package dev.tally.change;
