package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;

/** One call that the fake has answered: of which service, which operation, with what in it. */
final class FakeRequest {

    final String service;
    final String operation;
    final JsonNode body;

    FakeRequest(String service, String operation, JsonNode body) {
        this.service = service;
        this.operation = operation;
        this.body = body;
    }

    @Override
    public String toString() {
        return service + " " + operation + " " + body;
    }
}
