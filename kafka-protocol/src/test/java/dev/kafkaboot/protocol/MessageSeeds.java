package dev.kafkaboot.protocol;

import dev.kafkaboot.fuzz.Corpus;
import java.nio.file.Path;

/** Writes the inputs that {@link MessageFuzzTest} begins with: every message in its lowest and its highest version, filled at random. */
public final class MessageSeeds {

    /** Larger ones take the fuzzer long and show it nothing more. */
    private static final int LARGEST = 2_000;

    private MessageSeeds() {}

    /** Writes them below a folder of resources. */
    public static void write(Path resources) throws Exception {
        Corpus corpus = Corpus.of(resources, MessageFuzzTest.class);
        for (String name : MessagePairs.names()) {
            Message sample = MessagePairs.newOurs(MessagePairs.ourClass(name));
            addSmall(corpus, name, sample.lowestSupportedVersion());
            if (sample.highestSupportedVersion() > sample.lowestSupportedVersion()) {
                addSmall(corpus, name, sample.highestSupportedVersion());
            }
        }
    }

    private static void addSmall(Corpus corpus, String name, short version) throws Exception {
        for (long seed = 1; ; seed++) {
            byte[] bytes = RandomPair.bytes(name, version, seed);
            if (bytes.length <= LARGEST) {
                corpus.add("message", name + "-" + version, SelectedMessage.input(name, version, bytes));
                return;
            }
        }
    }
}
