/** Apache's asynchronous sinks, made to say when nothing of theirs is accepted. */
package dev.tally.sink.async;
