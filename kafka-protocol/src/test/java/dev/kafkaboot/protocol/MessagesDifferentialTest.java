package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
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
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every message in every version against the classes of kafka-clients, in both directions. */
class MessagesDifferentialTest {

    private static final int INSTANCES = 12;

    @TestFactory
    Stream<DynamicTest> everyMessageInEveryVersionIsTheSameBytesAndValuesAsApaches() throws Exception {
        return names().stream().map(name -> DynamicTest.dynamicTest(name, () -> everyVersionIsTheSame(name)));
    }

    @Test
    void everyDefinitionWithAVersionHasItsMessage() throws Exception {
        List<String> names = names();

        assertThat(names).hasSizeGreaterThan(180).contains("ProduceRequest", "FetchResponse", "ConsumerProtocolAssignment", "RequestHeader");
    }

    @Test
    void theComparisonSeesASingleValueThatDiffers() throws Exception {
        MetadataResponse ours = new MetadataResponse().topics(List.of(new MetadataResponse.MetadataResponseTopic().name("a")));
        MetadataResponseData theirs = new MetadataResponseData();
        theirs.topics().add(new MetadataResponseData.MetadataResponseTopic().setName("a"));

        assertThat(SameValues.difference(ours, theirs)).isNull();
        ours.topics().get(0).isInternal(true);
        assertThat(SameValues.difference(ours, theirs)).isEqualTo("MetadataResponse.topics: MetadataResponseTopic.isInternal: true / false");
    }

    @Test
    void aFieldThatAVersionCannotCarryIsNamedWithTheVersionsThatCan() {
        MetadataRequest request = new MetadataRequest().topics(List.of()).includeTopicAuthorizedOperations(true);

        assertThatThrownBy(() -> request.write(new Writer(), (short) 4))
                .isInstanceOf(UnsupportedFieldException.class)
                .hasMessage("MetadataRequest.includeTopicAuthorizedOperations is set, but version 4 cannot carry it; versions that can: 8-13");
    }

    @Test
    void aVersionThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> new MetadataRequest().write(new Writer(), (short) 99))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessage("MetadataRequest has no version 99; it has 0 to 13");
    }

    /** The names of all definitions that have a version, from the kafka-clients on the class path. */
    private static List<String> names() throws Exception {
        URI definition = Objects.requireNonNull(
                MessagesDifferentialTest.class.getResource("/common/message/MetadataRequest.json")).toURI();
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

    private static void everyVersionIsTheSame(String name) throws Exception {
        Class<?> ours = Class.forName("dev.kafkaboot.protocol.message." + name);
        Class<?> theirs = theirClass(name);
        Message sample = (Message) RandomPair.newInstance(ours);
        org.apache.kafka.common.protocol.Message theirSample = (org.apache.kafka.common.protocol.Message) RandomPair.newInstance(theirs);
        assertThat(sample.lowestSupportedVersion()).isEqualTo(theirSample.lowestSupportedVersion());
        assertThat(sample.highestSupportedVersion()).isEqualTo(theirSample.highestSupportedVersion());
        for (short version = sample.lowestSupportedVersion(); version <= sample.highestSupportedVersion(); version++) {
            RandomPair.Limits limits = new RandomPair.Limits();
            for (int instance = 0; instance < INSTANCES; instance++) {
                compare(ours, theirs, version, new Random(31L * name.hashCode() + version).nextLong() + instance, limits);
            }
        }
    }

    private static Class<?> theirClass(String name) throws ClassNotFoundException {
        String base = "org.apache.kafka.common.message." + name;
        try {
            return Class.forName(base + "Data");
        } catch (ClassNotFoundException dataMessage) {
            return Class.forName(base);
        }
    }

    private static void compare(Class<?> ours, Class<?> theirs, short version, long seed, RandomPair.Limits limits) throws Exception {
        String what = ours.getSimpleName() + " version " + version + " seed " + seed;
        while (true) {
            Message our = (Message) RandomPair.newInstance(ours);
            org.apache.kafka.common.protocol.Message their = (org.apache.kafka.common.protocol.Message) RandomPair.newInstance(theirs);
            RandomPair.fill(our, their, seed, limits);
            Writer out = new Writer();
            try {
                our.write(out, version);
            } catch (UnsupportedFieldException refused) {
                assertThatThrownBy(() -> write(their, version)).as("%s: %s", what, refused.getMessage()).isInstanceOf(Exception.class);
                assertThat(limits.learn(refused)).as("%s: the same field is refused again: %s", what, refused.getMessage()).isTrue();
                continue;
            }
            assertThat(out.toByteArray()).as(what).isEqualTo(write(their, version));
            readsTheSame(ours, theirs, version, out.toByteArray(), what);
            return;
        }
    }

    private static byte[] write(org.apache.kafka.common.protocol.Message message, short version) {
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void readsTheSame(Class<?> ours, Class<?> theirs, short version, byte[] bytes, String what) throws Exception {
        Message our = (Message) RandomPair.newInstance(ours);
        Reader in = new Reader(ByteBuffer.wrap(bytes));
        our.read(in, version);
        org.apache.kafka.common.protocol.Message their = (org.apache.kafka.common.protocol.Message) RandomPair.newInstance(theirs);
        their.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), version);

        assertThat(in.remaining()).as(what).isZero();
        assertThat(SameValues.difference(our, their)).as(what).isNull();
        Writer again = new Writer();
        our.write(again, version);
        assertThat(again.toByteArray()).as(what).isEqualTo(bytes);
        Message copy = (Message) RandomPair.newInstance(ours);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        copy.read(new Reader(direct), version);
        assertThat(copy).as(what).isEqualTo(our).hasSameHashCodeAs(our).hasToString(our.toString());
    }

    @Test
    void unknownTaggedFieldsAreKeptAndWrittenAgain() {
        org.apache.kafka.common.message.MetadataRequestData theirs = new org.apache.kafka.common.message.MetadataRequestData();
        theirs.unknownTaggedFields().add(new RawTaggedField(77, new byte[] {1, 2, 3}));
        byte[] bytes = write(theirs, (short) 12);

        MetadataRequest ours = new MetadataRequest();
        ours.read(new Reader(ByteBuffer.wrap(bytes)), (short) 12);
        Writer out = new Writer();
        ours.write(out, (short) 12);

        assertThat(ours.unknownTaggedFields()).containsExactly(new UnknownTaggedField(77, new byte[] {1, 2, 3}));
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(theirs.size(new ObjectSerializationCache(), (short) 12)).isEqualTo(bytes.length);
    }
}
