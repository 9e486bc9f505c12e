package dev.kafkaboot.generator;

import dev.kafkaboot.generator.MessageDefinition.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a folder of definitions and writes the sources: one class a message, and {@code ApiKey}.
 *
 * <p>A file whose content would not change is left alone, and one that has no definition any more is deleted, so that an incremental build stays one.
 */
public final class Generator {

    private static final String PACKAGE_INFO = """
            /**
             * The messages of the protocol, generated from Kafka's definitions: one class a message, for all of its versions.
             */
            @NullMarked
            package dev.kafkaboot.protocol.message;

            import org.jspecify.annotations.NullMarked;
            """;

    private final Path output;
    private final Set<Path> written = new HashSet<>();

    private Generator(Path output) {
        this.output = output;
    }

    /** Takes two arguments: the folder of the definitions and the folder for the sources. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("Two arguments are needed: the folder of the definitions and the folder for the sources");
        }
        List<MessageDefinition> messages = definitions(Path.of(args[0]));
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("There is no definition in " + args[0]);
        }
        new Generator(Path.of(args[1])).generate(messages);
    }

    static List<MessageDefinition> definitions(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().map(DefinitionReader::read).filter(Objects::nonNull).toList();
        }
    }

    void generate(List<MessageDefinition> messages) throws IOException {
        Path folder = output.resolve(MessageWriter.PACKAGE.replace('.', '/'));
        for (MessageDefinition message : messages) {
            write(folder.resolve(message.name() + ".java"), MessageWriter.write(message));
        }
        write(folder.resolve("package-info.java"), PACKAGE_INFO);
        List<MessageDefinition> requests = messages.stream().filter(message -> message.kind() == Kind.REQUEST).toList();
        write(folder.resolveSibling("ApiKey.java"), ApiKeyWriter.write(requests));
        deleteStale(folder);
    }

    private void write(Path file, String source) throws IOException {
        written.add(file);
        if (Files.exists(file) && Files.readString(file).equals(source)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }

    private void deleteStale(Path folder) throws IOException {
        List<Path> stale;
        try (Stream<Path> files = Files.list(folder)) {
            stale = files.filter(file -> !written.contains(file)).toList();
        }
        for (Path file : stale) {
            Files.delete(file);
        }
    }
}
