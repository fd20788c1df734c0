package dev.tally.view.file;

import java.util.List;

/** A views.yaml that cannot be used: all its mistakes. */
public final class ViewsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final List<String> mistakes;

    ViewsFileException(String file, List<String> mistakes) {
        super(
                "cannot use "
                        + file
                        + ": "
                        + (mistakes.size() == 1 ? "1 mistake" : mistakes.size() + " mistakes")
                        + "\n  "
                        + String.join("\n  ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** Each {@code line:column what is wrong and what would be right}, in the order of the file. */
    public List<String> mistakes() {
        return mistakes;
    }
}
