package dev.kafkaboot.generator;

import java.util.Comparator;
import java.util.List;

/** Writes the enum of all APIs. */
final class ApiKeyWriter {

    private ApiKeyWriter() {}

    static String write(List<MessageDefinition> requests) {
        List<MessageDefinition> sorted = requests.stream().sorted(Comparator.comparingInt(MessageDefinition::apiKey)).toList();
        StringBuilder constants = new StringBuilder();
        for (MessageDefinition request : sorted) {
            VersionRange versions = request.top().versions();
            VersionRange flexible = request.top().flexible();
            constants.append(constants.isEmpty() ? "" : ",\n")
                    .append("    /** ").append(request.apiName()).append(", ").append(versions.words()).append(". */\n")
                    .append("    ").append(request.apiConstant()).append("(").append(request.apiKey()).append(", ").append(versions.low()).append(", ")
                    .append(versions.high()).append(", ").append(request.latestVersionUnstable()).append(", ")
                    .append(flexible.isEmpty() ? "Short.MAX_VALUE" : Integer.toString(flexible.low())).append(")");
        }
        return TEMPLATE.replace("CONSTANTS", constants);
    }

    private static final String TEMPLATE = """
            package dev.kafkaboot.protocol;

            import org.jspecify.annotations.Nullable;

            /** The APIs of the protocol with the versions that this library speaks. */
            public enum ApiKey {
            CONSTANTS;

                private static final @Nullable ApiKey[] BY_ID = byId();

                private final short id;
                private final short lowestVersion;
                private final short highestUnstableVersion;
                private final boolean latestUnstable;
                private final short firstFlexibleVersion;

                ApiKey(int id, int lowestVersion, int highestVersion, boolean latestUnstable, int firstFlexibleVersion) {
                    this.id = (short) id;
                    this.lowestVersion = (short) lowestVersion;
                    this.highestUnstableVersion = (short) highestVersion;
                    this.latestUnstable = latestUnstable;
                    this.firstFlexibleVersion = (short) firstFlexibleVersion;
                }

                /** The API with a number, or null if this library does not know it. */
                public static @Nullable ApiKey forId(int id) {
                    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
                }

                private static @Nullable ApiKey[] byId() {
                    ApiKey[] keys = values();
                    @Nullable ApiKey[] byId = new @Nullable ApiKey[keys[keys.length - 1].id + 1];
                    for (ApiKey key : keys) {
                        byId[key.id] = key;
                    }
                    return byId;
                }

                /** The number at the wire. */
                public short id() {
                    return id;
                }

                /** The lowest version. */
                public short lowestVersion() {
                    return lowestVersion;
                }

                /** The highest version that will not change any more. */
                public short highestVersion() {
                    return (short) (latestUnstable ? highestUnstableVersion - 1 : highestUnstableVersion);
                }

                /** The highest version, even if it may still change. */
                public short highestUnstableVersion() {
                    return highestUnstableVersion;
                }

                /** Whether a version has compact lengths and tagged fields (KIP-482). */
                public boolean isFlexible(short version) {
                    return version >= firstFlexibleVersion;
                }

                /** The version of the header in front of a request. */
                public short requestHeaderVersion(short version) {
                    return (short) (isFlexible(version) ? 2 : 1);
                }

                /** The version of the header in front of a response; that of ApiVersions is always 0, so that every client can read it (KIP-511). */
                public short responseHeaderVersion(short version) {
                    return (short) (this != API_VERSIONS && isFlexible(version) ? 1 : 0);
                }
            }
            """;
}
