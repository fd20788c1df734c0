package dev.tally.source.client;

import java.io.IOException;

/** An answer that is not what the service sent, or has not its form. */
final class AnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param why half a sentence, without values
     */
    AnswerException(String why) {
        super(why);
    }
}
