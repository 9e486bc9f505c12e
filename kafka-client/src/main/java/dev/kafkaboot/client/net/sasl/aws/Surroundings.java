package dev.kafkaboot.client.net.sasl.aws;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the process finds itself in: properties, variables and files. */
interface Surroundings {

    /** A system property, or null. */
    @Nullable String property(String name);

    /** A variable of the environment, or null; an empty one counts as none. */
    @Nullable String variable(String name);

    /** The user's home directory. */
    Path home();

    static Surroundings ofThisProcess() {
        return of(System::getProperty, System::getenv, Path.of(System.getProperty("user.home", ".")));
    }

    /** Where names map to null if there is nothing. */
    static Surroundings of(Lookup properties, Lookup variables, Path home) {
        return new Surroundings() {
            @Override
            public @Nullable String property(String name) {
                return properties.find(name);
            }

            @Override
            public @Nullable String variable(String name) {
                String value = variables.find(name);
                return value == null || value.isBlank() ? null : value.strip();
            }

            @Override
            public Path home() {
                return home;
            }
        };
    }

    /** Looks something up. */
    @FunctionalInterface
    interface Lookup {

        /** The value, or null. */
        @Nullable String find(String name);
    }
}
