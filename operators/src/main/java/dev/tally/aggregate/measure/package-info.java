/** Count, sum, average, extremes and distinct counts, with exact retraction. */
package dev.tally.aggregate.measure;
