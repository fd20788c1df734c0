package dev.tally.view;

import java.io.Serializable;
import java.util.List;

/** What a views.yaml says: tables, views and feeds, each in the order of the file. */
public final class Views implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<TableSpec> tables;
    private final List<ViewSpec> views;
    private final List<FeedSpec> feeds;

    public Views(List<TableSpec> tables, List<ViewSpec> views, List<FeedSpec> feeds) {
        this.tables = tables;
        this.views = views;
        this.feeds = feeds;
    }

    public List<TableSpec> tables() {
        return tables;
    }

    public List<ViewSpec> views() {
        return views;
    }

    public List<FeedSpec> feeds() {
        return feeds;
    }
}
