/** What is asked for and what comes of it: view specs, groups, contributions and rows. */
package dev.tally.view;
