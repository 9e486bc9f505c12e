package dev.kafkaboot.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder in which jazzer finds the inputs of one class of fuzz tests: {@code <class>Inputs/<method>/<any name>}, among the test's resources. */
public record Corpus(Path folder) {

    /** The folder of a class below the root of the resources. */
    public static Corpus of(Path resources, Class<?> fuzzTest) {
        return new Corpus(resources.resolve(fuzzTest.getName().replace('.', '/') + "Inputs"));
    }

    /** Adds an input of a method, or replaces it. */
    public void add(String method, String name, byte[] input) {
        try {
            Files.write(Files.createDirectories(folder.resolve(method)).resolve(name), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
