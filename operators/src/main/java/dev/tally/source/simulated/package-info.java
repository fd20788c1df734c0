/** A DynamoDB table with its stream in memory, driven by a seed. */
package dev.tally.source.simulated;
