/** Items of DynamoDB as values: attributes, keys, and paths into them. */
package dev.tally.item;
