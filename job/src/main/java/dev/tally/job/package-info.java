/** What runs: the pipeline, its options, and the commands around it. */
package dev.tally.job;
