package dev.kafkaboot.spring.support.serializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.kafkaboot.client.Header;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.databind.JsonNode;

class JacksonJsonSerializerTests {

    sealed interface Event permits Placed, Cancelled {}

    record Placed(String id, int amount) implements Event {}

    record Cancelled(String id) implements Event {}

    record Foreign(String id) {}

    /** Loading it is what must not happen. */
    static final class Dangerous {

        static {
            System.setProperty("dev.kafkaboot.test.dangerous", "loaded");
        }
    }

    private final JacksonJsonSerializer<Object> serializer = JacksonJsonSerializer.create();
    private final Headers headers = new Headers();

    @Test
    void typeIsWrittenAsTheClassName() {
        byte[] json = serializer.serialize("orders", headers, new Placed("a", 3));

        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"a\",\"amount\":3}");
        assertThat(headers).containsExactly(Header.of("__TypeId__", Placed.class.getName()));
    }

    @Test
    void typeOfAnotherObjectInTheHeadersIsReplaced() {
        headers.add("__TypeId__", "other").add("kept", "yes");

        serializer.serialize("orders", headers, new Cancelled("a"));

        assertThat(headers.headers("__TypeId__")).containsExactly(Header.of("__TypeId__", Cancelled.class.getName()));
        assertThat(headers.lastHeader("kept")).isNotNull();
    }

    @Test
    void keysHaveAHeaderOfTheirOwn() {
        serializer.forKeys().serialize("orders", headers, new Cancelled("a"));

        assertThat(headers).extracting(Header::key).containsExactly("__Key_TypeId__");
    }

    @Test
    void noValueIsNoBytesAndNoHeader() {
        assertThat(serializer.serialize("orders", headers, null)).isNull();
        assertThat(headers.isEmpty()).isTrue();
        assertThat(serializer.deserialize("orders", headers, null, PayloadTypes.of(Placed.class))).isNull();
    }

    @Test
    void onlyTypeThatIsTakenIsReadWhateverTheHeaderSays() {
        headers.add("__TypeId__", "com.example.SomebodyElses");

        assertThat(read("{\"id\":\"a\",\"amount\":3}", PayloadTypes.of(Placed.class))).isEqualTo(new Placed("a", 3));
    }

    @Test
    void headerChoosesAmongTheTypesThatAreTaken() {
        headers.add("__TypeId__", Cancelled.class.getName());

        assertThat(read("{\"id\":\"a\"}", PayloadTypes.ofHandlers(List.of(Placed.class, Cancelled.class), null))).isEqualTo(new Cancelled("a"));
    }

    @Test
    void headerChoosesAmongThePermittedSubclassesOfASealedType() {
        headers.add("__TypeId__", Placed.class.getName());

        assertThat(read("{\"id\":\"a\",\"amount\":3}", PayloadTypes.of(Event.class))).isEqualTo(new Placed("a", 3));
    }

    @Test
    void typeArgumentsOfWhatIsTakenAreKept() {
        PayloadTypes types = PayloadTypes.of(new ParameterizedTypeReference<List<Placed>>() {}.getType());

        assertThat(read("[{\"id\":\"a\",\"amount\":3}]", types)).isEqualTo(List.of(new Placed("a", 3)));
    }

    @Test
    void mappedIdStandsForItsClassOnBothSides() {
        JacksonJsonSerializer<Object> mapped = serializer.withTypeMapping(Map.of("placed", Placed.class));

        byte[] json = mapped.serialize("orders", headers, new Placed("a", 3));

        assertThat(headers).containsExactly(Header.of("__TypeId__", "placed"));
        assertThat(mapped.deserialize("orders", headers, json)).isEqualTo(new Placed("a", 3));
    }

    @Test
    void idCannotStandForTwoClasses() {
        assertThatThrownBy(() -> serializer.withTypeMapping(Map.of("x", Placed.class)).withTypeMapping(Map.of("x", Cancelled.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x'");
    }

    @Test
    void trustedClassIsReadByItsName() {
        headers.add("__TypeId__", Foreign.class.getName());

        assertThat(serializer.deserialize("orders", headers, bytes("{\"id\":\"a\"}"))).isEqualTo(Map.of("id", "a"));
        assertThat(serializer.withTrusted(Foreign.class).deserialize("orders", headers, bytes("{\"id\":\"a\"}"))).isEqualTo(new Foreign("a"));
    }

    @Test
    void noClassIsLoadedByANameFromARecord() {
        headers.add("__TypeId__", JacksonJsonSerializerTests.class.getName() + "$Dangerous");

        assertThat(serializer.deserialize("orders", headers, bytes("{}"))).isEqualTo(Map.of());
        assertThat(System.getProperty("dev.kafkaboot.test.dangerous")).isNull();
    }

    @Test
    void unknownTypeIsReadAsTheDefaultHandlerTakesIt() {
        headers.add("__TypeId__", "com.example.Unknown");
        List<Class<?>> handlers = List.of(Placed.class, Cancelled.class);

        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(handlers, Object.class))).isEqualTo(Map.of("a", 1));
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(handlers, String.class))).isEqualTo("{\"a\":1}");
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(handlers, byte[].class))).isEqualTo(bytes("{\"a\":1}"));
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(handlers, JsonNode.class)).toString()).isEqualTo("{\"a\":1}");
        assertThat(read("[1, 2]", PayloadTypes.ofHandlers(handlers, Object.class))).isEqualTo(List.of(1, 2));
    }

    @Test
    void unknownTypeWithoutADefaultHandlerIsAnErrorThatNamesWhatIsTaken() {
        headers.add("__TypeId__", "com.example.Unknown");

        assertThatThrownBy(() -> read("{}", PayloadTypes.ofHandlers(List.of(Placed.class, Cancelled.class), null)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("'com.example.Unknown'")
                .hasMessageContaining(Placed.class.getName())
                .hasMessageContaining(Cancelled.class.getName());
    }

    @Test
    void recordOfAnotherTypeIsNotReadAsThatOfTheOnlyHandler() {
        PayloadTypes placed = PayloadTypes.ofHandlers(List.of(Placed.class), null);
        headers.add("__TypeId__", Cancelled.class.getName());

        assertThatThrownBy(() -> read("{\"id\":\"a\",\"amount\":3,\"reason\":\"none\"}", placed))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("'" + Cancelled.class.getName() + "'")
                .hasMessageContaining(Placed.class.getName())
                .hasMessageContaining("isDefault = true");
        assertThatThrownBy(() -> serializer.withTrusted(Cancelled.class).deserialize("orders", headers, bytes("{\"id\":\"a\",\"amount\":3,\"reason\":\"none\"}"), placed))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void recordThatNamesNoTypeIsReadAsThatOfTheOnlyHandler() {
        assertThat(read("{\"id\":\"a\",\"amount\":3}", PayloadTypes.ofHandlers(List.of(Placed.class), null))).isEqualTo(new Placed("a", 3));
    }

    @Test
    void onlyHandlerThatIsTheDefaultTakesEveryType() {
        headers.add("__TypeId__", "com.example.Unknown");

        assertThat(read("{\"id\":\"a\",\"amount\":3}", PayloadTypes.ofHandlers(List.of(), Placed.class))).isEqualTo(new Placed("a", 3));
    }

    @Test
    void onlyHandlerThatTakesAnyJsonTakesEveryType() {
        headers.add("__TypeId__", "com.example.Unknown");

        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(List.of(Map.class), null))).isEqualTo(Map.of("a", 1));
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(List.of(Object.class), null))).isEqualTo(Map.of("a", 1));
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(List.of(String.class), null))).isEqualTo("{\"a\":1}");
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(List.of(byte[].class), null))).isEqualTo(bytes("{\"a\":1}"));
        assertThat(read("{\"a\":1}", PayloadTypes.ofHandlers(List.of(JsonNode.class), null)).toString()).isEqualTo("{\"a\":1}");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Told.class, name = "told"))
    interface ToldByJson {}

    record Told(String id) implements ToldByJson {}

    @Test
    void typeThatTheJsonTellsIsLeftToJackson() {
        headers.add("__TypeId__", "com.example.Told");

        assertThat(read("{\"kind\":\"told\",\"id\":\"a\"}", PayloadTypes.ofHandlers(List.of(ToldByJson.class), null))).isEqualTo(new Told("a"));
    }

    @Test
    void missingTypeAmongSeveralIsAnErrorThatNamesTheHeader() {
        assertThatThrownBy(() -> read("{}", PayloadTypes.ofHandlers(List.of(Placed.class, Cancelled.class), null)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no header __TypeId__");
    }

    @Test
    void textIsReadFromAJsonTextAndElseAsItIs() {
        PayloadTypes text = PayloadTypes.of(String.class);

        assertThat(read(" \"a\\\"b\"", text)).isEqualTo("a\"b");
        assertThat(read("{\"a\":1}", text)).isEqualTo("{\"a\":1}");
        assertThat(read("not JSON", text)).isEqualTo("not JSON");
    }

    @Test
    void whatIsNotJsonIsAnErrorThatNamesTypeAndTopic() {
        assertThatThrownBy(() -> read("{oops", PayloadTypes.of(Placed.class)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Placed")
                .hasMessageContaining("topic orders");
    }

    private Object read(String json, PayloadTypes types) {
        return serializer.deserialize("orders", headers, bytes(json), types);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
