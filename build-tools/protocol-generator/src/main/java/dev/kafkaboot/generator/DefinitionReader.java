package dev.kafkaboot.generator;

import dev.kafkaboot.generator.MessageDefinition.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one definition file: JSON with comments. */
final class DefinitionReader {

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

    private final List<Struct> nested = new ArrayList<>();
    private final Map<String, JsonNode> common = new HashMap<>();
    private final JsonNode root;
    private final VersionRange flexible;

    private DefinitionReader(JsonNode root) {
        this.root = root;
        this.flexible = VersionRange.parse(text(root, "flexibleVersions", "none"));
    }

    /**
     * Reads a file; null if the message has no versions any more.
     *
     * @throws IllegalArgumentException if it cannot be read; the message names the file
     */
    static @Nullable MessageDefinition read(Path file) {
        try {
            return parse(MAPPER.readTree(file));
        } catch (RuntimeException cause) {
            throw new IllegalArgumentException(file + " cannot be read: " + cause.getMessage(), cause);
        }
    }

    /** Reads a definition from a text, as {@link #read}. */
    static @Nullable MessageDefinition parse(String json) {
        return parse(MAPPER.readTree(json));
    }

    private static @Nullable MessageDefinition parse(JsonNode root) {
        return VersionRange.parse(text(root, "validVersions", "none")).isEmpty() ? null : new DefinitionReader(root).definition();
    }

    private MessageDefinition definition() {
        VersionRange versions = VersionRange.parse(text(root, "validVersions", "none"));
        for (JsonNode struct : root.path("commonStructs")) {
            common.put(text(struct, "name", ""), struct);
        }
        String name = text(root, "name", "");
        Struct top = struct(name, name, root.path("fields"), versions);
        for (Map.Entry<String, JsonNode> entry : sorted(common)) {
            VersionRange own = VersionRange.parse(text(entry.getValue(), "versions", "0+")).intersect(versions);
            nested.add(struct(name + "." + entry.getKey(), entry.getKey(), entry.getValue().path("fields"), own));
        }
        return new MessageDefinition(
                Kind.valueOf(text(root, "type", "").toUpperCase(Locale.ROOT)),
                root.path("apiKey").asInt(-1),
                root.path("latestVersionUnstable").asBoolean(false),
                top,
                List.copyOf(nested));
    }

    private static List<Map.Entry<String, JsonNode>> sorted(Map<String, JsonNode> structs) {
        return structs.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    private Struct struct(String path, String name, JsonNode fields, VersionRange versions) {
        List<Field> own = new ArrayList<>();
        for (JsonNode field : fields) {
            Field read = field(path, field, versions);
            own.add(read);
            if (!field.path("fields").isMissingNode()) {
                String type = read.type().name();
                nested.add(struct(text(root, "name", "") + "." + type, type, field.path("fields"), read.versions()));
            }
        }
        return new Struct(name, versions, flexible.intersect(versions), own);
    }

    private Field field(String owner, JsonNode node, VersionRange context) {
        VersionRange versions = VersionRange.parse(text(node, "versions", "0+")).intersect(context);
        if (!node.path("taggedVersions").isMissingNode()
                && !VersionRange.parse(text(node, "taggedVersions", "")).intersect(context).equals(versions)) {
            throw new IllegalStateException(owner + "." + text(node, "name", "") + " is tagged in some of its versions only");
        }
        JsonNode ownFlexible = node.path("flexibleVersions");
        return new Field(
                owner,
                text(node, "name", ""),
                FieldType.parse(text(node, "type", "")),
                versions,
                VersionRange.parse(text(node, "nullableVersions", "none")).intersect(versions),
                node.path("default").isMissingNode() ? null : node.path("default").asString(),
                node.path("ignorable").asBoolean(false),
                node.path("tag").asInt(-1),
                node.path("zeroCopy").asBoolean(false),
                (ownFlexible.isMissingNode() ? flexible : VersionRange.parse(ownFlexible.asString())).intersect(context),
                text(node, "about", ""));
    }

    private static String text(JsonNode node, String name, String otherwise) {
        JsonNode value = node.path(name);
        return value.isMissingNode() ? otherwise : value.asString();
    }
}
