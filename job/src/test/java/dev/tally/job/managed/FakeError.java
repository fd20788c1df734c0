package dev.tally.job.managed;

/** What a service of the fake answers instead of a result: its code, its words, its status. */
final class FakeError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final String code;
    final int status;

    FakeError(String code, String message) {
        this(code, message, 400);
    }

    FakeError(String code, String message, int status) {
        super(message);
        this.code = code;
        this.status = status;
    }
}
