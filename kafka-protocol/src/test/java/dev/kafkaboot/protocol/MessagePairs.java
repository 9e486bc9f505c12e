package dev.kafkaboot.protocol;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/** The messages of ours and the ones of kafka-clients, by the names of their definitions. */
final class MessagePairs {

    private MessagePairs() {}

    /** The names of all definitions that have a version, from the kafka-clients on the class path. */
    static List<String> names() throws Exception {
        URI definition = Objects.requireNonNull(
                MessagePairs.class.getResource("/common/message/MetadataRequest.json")).toURI();
        List<String> names = new ArrayList<>();
        try (FileSystem jar = FileSystems.newFileSystem(definition, Map.of());
                Stream<Path> files = Files.list(jar.getPath("/common/message"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
                if (!hasNoVersion(file)) {
                    names.add(file.getFileName().toString().replace(".json", ""));
                }
            }
        }
        return names;
    }

    private static boolean hasNoVersion(Path definition) throws IOException {
        return Files.readString(definition).replaceAll("\\s", "").contains("\"validVersions\":\"none\"");
    }

    static Class<?> ourClass(String name) throws ClassNotFoundException {
        return Class.forName("dev.kafkaboot.protocol.message." + name);
    }

    static Class<?> theirClass(String name) throws ClassNotFoundException {
        String base = "org.apache.kafka.common.message." + name;
        try {
            return Class.forName(base + "Data");
        } catch (ClassNotFoundException dataMessage) {
            return Class.forName(base);
        }
    }

    static Message newOurs(Class<?> type) throws ReflectiveOperationException {
        return (Message) RandomPair.newInstance(type);
    }

    static org.apache.kafka.common.protocol.Message newTheirs(Class<?> type) throws ReflectiveOperationException {
        return (org.apache.kafka.common.protocol.Message) RandomPair.newInstance(type);
    }

    static byte[] bytes(Message message, short version) {
        Writer out = new Writer();
        message.write(out, version);
        return out.toByteArray();
    }

    static byte[] write(org.apache.kafka.common.protocol.Message message, short version) {
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Whether a version has tagged fields: only then can an unknown one be written. */
    static boolean isFlexible(Class<?> theirs, short version) throws ReflectiveOperationException {
        org.apache.kafka.common.protocol.Message message = newTheirs(theirs);
        message.unknownTaggedFields().add(new RawTaggedField(1_000, new byte[1]));
        try {
            write(message, version);
            return true;
        } catch (org.apache.kafka.common.errors.UnsupportedVersionException notFlexible) {
            return false;
        } catch (RuntimeException needsValues) {
            throw new AssertionError(theirs + " cannot be written with its defaults", needsValues);
        }
    }
}
