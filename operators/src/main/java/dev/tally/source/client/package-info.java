/** The only way from the source to DynamoDB: nothing beyond here knows the AWS SDK. */
package dev.tally.source.client;
