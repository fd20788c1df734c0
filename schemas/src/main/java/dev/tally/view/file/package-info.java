/** How a views.yaml is read: all its mistakes at once, each with line, column and what is right. */
package dev.tally.view.file;
