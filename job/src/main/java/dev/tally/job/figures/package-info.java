/** How fast a local run was: measured from outside, as a client of its tables would. */
package dev.tally.job.figures;
