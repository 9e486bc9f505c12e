package dev.kafkaboot.fuzz;

import dev.kafkaboot.protocol.MessageSeeds;
import dev.kafkaboot.record.RecordSeeds;
import dev.kafkaboot.record.compress.CodecSeeds;
import java.nio.file.Path;

/** Writes what the fuzz tests of this module begin with. What fuzzing has found stands beside it and stays as it is. */
final class WriteCorpus {

    private WriteCorpus() {}

    public static void main(String[] resources) throws Exception {
        Path root = Path.of(resources[0]);
        CodecSeeds.write(root);
        MessageSeeds.write(root);
        RecordSeeds.write(root);
    }
}
