package dev.tally.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All that Flink's web UI shows of a job, as its REST API gives it: by path. */
final class RestPages {

    private static final Pattern METRIC = Pattern.compile("\"id\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern VERTEX = Pattern.compile("\"id\":\"([0-9a-f]{32})\",\"slot");
    private static final Pattern WORKER = Pattern.compile("\"id\":\"([^\"]+)\",\"path\"");

    private static final List<String> OF_JOB =
            List.of(
                    "",
                    "/plan",
                    "/config",
                    "/exceptions",
                    "/accumulators?includeSerializedValue=true",
                    "/checkpoints",
                    "/checkpoints/config",
                    "/jobmanager/config");
    private static final List<String> OF_VERTEX =
            List.of("", "/accumulators", "/subtasktimes", "/backpressure", "/taskmanagers");
    private static final int AT_A_TIME = 50;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI web;
    private final Map<String, String> pages = new LinkedHashMap<>();

    private RestPages(URI web) {
        this.web = web;
    }

    static Map<String, String> of(URI web, String job) throws Exception {
        RestPages pages = new RestPages(web);
        for (String path :
                List.of("/config", "/overview", "/jobs/overview", "/jobmanager/config")) {
            pages.page(path);
        }
        for (String page : OF_JOB) {
            pages.page("/jobs/" + job + page);
        }
        pages.metrics("/jobs/" + job + "/metrics");
        pages.metrics("/jobmanager/metrics");
        for (String vertex : matches(VERTEX, pages.page("/jobs/" + job))) {
            for (String page : OF_VERTEX) {
                pages.page("/jobs/" + job + "/vertices/" + vertex + page);
            }
            pages.metrics("/jobs/" + job + "/vertices/" + vertex + "/metrics");
            pages.metrics("/jobs/" + job + "/vertices/" + vertex + "/subtasks/metrics");
        }
        for (String worker : matches(WORKER, pages.page("/taskmanagers"))) {
            pages.page("/taskmanagers/" + worker);
            pages.page("/taskmanagers/" + worker + "/thread-dump");
            pages.metrics("/taskmanagers/" + worker + "/metrics");
        }
        return pages.pages;
    }

    /** One page. */
    static JsonNode json(URI web, String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(new RestPages(web).page(path));
    }

    /** Names, then values. */
    private void metrics(String path) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>(matches(METRIC, page(path)));
        for (int from = 0; from < names.size(); from += AT_A_TIME) {
            List<String> some = names.subList(from, Math.min(names.size(), from + AT_A_TIME));
            String wanted = URLEncoder.encode(String.join(",", some), StandardCharsets.UTF_8);
            page(path + "?get=" + wanted);
        }
    }

    private static TreeSet<String> matches(Pattern pattern, String text) {
        TreeSet<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private String page(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(web.resolve(path)).build();
        String text = client.send(request, BodyHandlers.ofString()).body();
        pages.put(path, text);
        return text;
    }
}
