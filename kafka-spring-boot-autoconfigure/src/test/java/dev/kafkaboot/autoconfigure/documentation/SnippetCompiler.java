package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Compiles snippets with what a reader has to add, against all that tests have, and runs them. */
final class SnippetCompiler {

    private static final String IMPORTS = Stream.of(
                    "java.math.*", "java.time.*", "java.util.*", "java.util.concurrent.*", "dev.kafkaboot.client.*", "dev.kafkaboot.client.admin.*",
                    "dev.kafkaboot.client.cluster.*", "dev.kafkaboot.client.consumer.*", "dev.kafkaboot.client.producer.*",
                    "dev.kafkaboot.client.serialization.*", "dev.kafkaboot.protocol.*", "dev.kafkaboot.protocol.message.*",
                    "dev.kafkaboot.record.compress.*", "dev.kafkaboot.test.*", "dev.kafkaboot.test.fake.*", "dev.kafkaboot.test.junit.*",
                    "dev.kafkaboot.test.proxy.*", "org.junit.jupiter.api.*")
            .map(each -> "import " + each + ";\n").collect(Collectors.joining()) + "import static dev.kafkaboot.test.junit.KafkaKind.*;\n";

    private final Path directory;
    private final String moreImports;

    /**
     * Compiles into a directory.
     *
     * @param moreImports what is to be imported besides the clients and what tests have
     */
    SnippetCompiler(Path directory, String... moreImports) {
        this.directory = directory;
        this.moreImports = Stream.of(moreImports).map(each -> "import " + each + ";\n").collect(Collectors.joining());
    }

    /** Runs statements, of which the last returns something, beside members that they use. */
    @Nullable Object run(String statements, String members) throws Exception {
        Method run = compile("Snippet", "final class Snippet {\nstatic Object run() throws Exception {\n" + statements + "\n}\n" + members + "\n}\n")
                .getDeclaredMethod("run");
        run.setAccessible(true);
        try {
            return run.invoke(null);
        } catch (InvocationTargetException thrown) {
            throw new AssertionError("The snippet failed", thrown.getCause());
        }
    }

    /** Compiles classes, and loads one of them. */
    Class<?> compile(String name, String classes) throws IOException, ClassNotFoundException {
        Path source = Files.writeString(directory.resolve(name + ".java"), "package documented;\n" + IMPORTS + moreImports + classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", directory.toString(), "-classpath", System.getProperty("java.class.path"));
            boolean isCompiled = compiler.getTask(errors, files, null, options, null, files.getJavaFileObjects(source)).call();
            assertThat(isCompiled).as("compiled: %s%n%s", errors, Files.readString(source)).isTrue();
        }
        return Class.forName("documented." + name, true, loader());
    }

    /** It stays open for as long as the classes are used, which is as long as the test. */
    private ClassLoader loader() throws MalformedURLException {
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader());
    }
}
