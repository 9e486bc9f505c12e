package dev.kafkaboot.autoconfigure.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Java that a page shows.
 *
 * @param page the page's file, from the project's root
 * @param number which it is of those on the page, from 1
 * @param code what is shown
 */
record Snippet(String page, int number, String code) {

    /** Tests run in the module's own directory. */
    static final Path ROOT = Path.of("..");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java$\\n(.*?)^```$");

    /** One of those on a page. */
    static Snippet of(String page, int number) {
        return in(page).get(number - 1);
    }

    /** All that a page shows. */
    static List<Snippet> in(String page) {
        List<Snippet> snippets = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(read(page));
        while (matcher.find()) {
            snippets.add(new Snippet(page, snippets.size() + 1, matcher.group(1)));
        }
        return snippets;
    }

    /** The files of the guide, and what is read before it. */
    static List<String> pages() {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            Stream<String> guide = files.map(file -> "docs/" + file.getFileName()).filter(page -> page.endsWith(".md"));
            return Stream.concat(Stream.of("README.md", "samples/orders/README.md"), guide).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String read(String page) {
        try {
            return Files.readString(ROOT.resolve(page));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The code for a cluster elsewhere than the page says. */
    String at(String servers) {
        return code.replace("localhost:9092", servers);
    }

    /** The code without the bodies that the page leaves out. */
    String withEmptyBodies() {
        return code.replace("{ ... }", "{ }");
    }
}
