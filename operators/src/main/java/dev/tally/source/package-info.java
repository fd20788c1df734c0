/** The Flink source of one DynamoDB table: its scan and its stream, read at the same time. */
package dev.tally.source;
