/** EventBridge patterns over items: how a {@code where} is read, and how it decides. */
package dev.tally.view.filter;
