/** What Amazon Managed Flink needs beside the job: permissions, alarms and a dashboard. */
package dev.tally.job.managed;
