/**
 * Keeps what each item is, and turns changes into exact diffs and into contributions to groups.
 *
 * <p>{@link dev.tally.diff.Reconciler} decides what a change means, {@link
 * dev.tally.diff.ViewEffects} what an item's way through a bundle means to the views; {@link
 * dev.tally.diff.ItemStage} is the operator around them.
 */
package dev.tally.diff;
