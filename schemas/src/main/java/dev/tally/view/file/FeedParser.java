package dev.tally.view.file;

import dev.tally.view.FeedSpec;
import dev.tally.view.FeedSpec.Format;
import java.util.List;

/** Reads one of {@code feeds}. */
final class FeedParser {

    static final List<String> KEYS = List.of("table", "to", "where", "format", "include-snapshot");
    static final List<String> TO_KEYS = List.of("stream", "region", "role-arn");

    private final Mistakes mistakes;

    FeedParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    FeedSpec parse(String name, Yaml yaml) {
        Section feed = new Section(yaml, "feed '" + name + "'", KEYS, mistakes);
        feed.requires("table", "tasks");
        String stream = null;
        String region = null;
        String roleArn = null;
        if (feed.requires("to", "{ stream: task-changes }")) {
            Section to = new Section(feed.get("to"), "to of " + feed.name(), TO_KEYS, mistakes);
            to.requires("stream", "task-changes");
            stream = to.text("stream", Names.STREAM, "a Kinesis stream's name or ARN");
            region = to.text("region", Names.REGION, Names.LIKE_REGION);
            roleArn = to.text("role-arn", Names.ROLE_ARN, Names.LIKE_ROLE);
        }
        return new FeedSpec(
                name,
                feed.text("table"),
                new WhereParser(mistakes).parse(feed),
                stream,
                region,
                roleArn,
                feed.choice("format", Format.values(), Format.DYNAMODB_JSON),
                feed.flag("include-snapshot", false));
    }
}
