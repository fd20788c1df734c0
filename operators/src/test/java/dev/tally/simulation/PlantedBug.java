package dev.tally.simulation;

import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bug of our kind, as a change of one source file: some lines stand for others. It is compiled
 * beside the real classes and goes before them in a class loader that shares none of ours with this
 * one, so production code needs no switch for it.
 */
final class PlantedBug {

    private static final String LIST = "planted-bugs.txt";

    private final String name;
    private final Path file;
    private final List<String> lines;
    private final List<String> instead;
    private final long seed;

    private PlantedBug(
            String name, Path file, List<String> lines, List<String> instead, long seed) {
        this.name = name;
        this.file = file;
        this.lines = lines;
        this.instead = instead;
        this.seed = seed;
    }

    /** Those of the list, in its order. */
    static List<PlantedBug> all() {
        Path list = SourceTree.root().resolve("operators/src/test/resources").resolve(LIST);
        List<PlantedBug> bugs = new ArrayList<>();
        String name = null;
        Path file = null;
        long seed = 1;
        List<String> lines = new ArrayList<>();
        List<String> instead = new ArrayList<>();
        List<String> text = new ArrayList<>(read(list));
        text.add("");
        for (String line : text) {
            if (line.startsWith("bug ")) {
                name = line.substring(4);
            } else if (line.startsWith("seed ")) {
                seed = Long.parseLong(line.substring(5));
            } else if (line.startsWith("in ")) {
                file = SourceTree.root().resolve("operators/src").resolve(line.substring(3));
            } else if (line.startsWith("-")) {
                lines.add(line.substring(1).trim());
            } else if (line.startsWith("+")) {
                instead.add(line.substring(1));
            } else if (line.isBlank() && name != null) {
                bugs.add(
                        new PlantedBug(name, file, List.copyOf(lines), List.copyOf(instead), seed));
                name = null;
                seed = 1;
                lines.clear();
                instead.clear();
            }
        }
        return bugs;
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** One that has found it before: tried first, so that a build need not search. */
    long seed() {
        return seed;
    }

    /**
     * A loader of everything, with this bug.
     *
     * @param folder for the compiled classes; empty
     */
    URLClassLoader plant(Path folder) throws IOException {
        Path source = folder.resolve("source").resolve(file.getFileName());
        Files.createDirectories(source.getParent());
        Files.write(source, changed());
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(source, classes);
        return everything(classes);
    }

    /** A loader of everything as it is. */
    static URLClassLoader nothing(Path folder) throws IOException {
        return everything(folder);
    }

    private static URLClassLoader everything(Path first) throws IOException {
        List<URL> urls = new ArrayList<>(List.of(first.toUri().toURL()));
        for (String entry : classPath().split(java.io.File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new OwnFirst(urls.toArray(new URL[0]));
    }

    /** Has our classes for itself, and shares those of libraries, warm as they are. */
    private static final class OwnFirst extends URLClassLoader {

        OwnFirst(URL[] urls) {
            super(urls, PlantedBug.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.tally.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    /** That of the tests, also where Maven hides it behind a jar of its own. */
    private static String classPath() {
        String hidden = System.getProperty("surefire.test.class.path");
        return hidden == null ? System.getProperty("java.class.path") : hidden;
    }

    private List<String> changed() {
        List<String> text = read(file);
        int at = -1;
        for (int i = 0; i + lines.size() <= text.size(); i++) {
            if (standsAt(text, i)) {
                if (at >= 0) {
                    throw new AssertionError("bug '" + name + "' fits two places of " + file);
                }
                at = i;
            }
        }
        if (at < 0) {
            throw new AssertionError(
                    "bug '"
                            + name
                            + "' fits no place of "
                            + file
                            + ": it has changed, so must "
                            + LIST);
        }
        List<String> changed = new ArrayList<>(text.subList(0, at));
        changed.addAll(instead);
        changed.addAll(text.subList(at + lines.size(), text.size()));
        return changed;
    }

    private boolean standsAt(List<String> text, int at) {
        for (int i = 0; i < lines.size(); i++) {
            if (!text.get(at + i).trim().equals(lines.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", classPath(), "-proc:none", "-nowarn");
            boolean compiled =
                    compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjects(source))
                            .call();
            if (!compiled) {
                throw new AssertionError("bug '" + name + "' does not compile");
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
