package dev.kafkaboot.generator;

import dev.kafkaboot.generator.MessageDefinition.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Writes the class of a message. */
final class MessageWriter {

    static final String PACKAGE = "dev.kafkaboot.protocol.message";

    private MessageWriter() {}

    static String write(MessageDefinition message) {
        Source body = new Source();
        body.doc(describe(message));
        body.line("public final class " + message.name() + " implements " + supertype(message) + " {");
        body.gap();
        constants(body, message);
        StructWriter top = new StructWriter(body, message, message.top(), overridden(message));
        top.fieldsAndAccessors();
        api(body, message);
        top.codec(/* isMessage= */ true);
        checkVersion(body, message);
        top.rest(/* isMessage= */ true);
        message.nested().forEach(struct -> nested(body, message, struct));
        body.line("}");
        return header(body.toString()) + body;
    }

    private static String describe(MessageDefinition message) {
        String what = switch (message.kind()) {
            case REQUEST -> "The request of " + message.apiName() + " (API key " + message.apiKey() + ")";
            case RESPONSE -> "The response of " + message.apiName() + " (API key " + message.apiKey() + ")";
            case HEADER -> "The header " + message.name();
            case DATA -> "The data " + message.name();
        };
        return what + ", " + message.top().versions().words() + ", "
                + (message.top().flexible().isEmpty() ? "never flexible" : "flexible in " + message.top().flexible().words()) + "."
                + (message.latestVersionUnstable() ? " The highest version is not stable yet." : "");
    }

    private static String supertype(MessageDefinition message) {
        return switch (message.kind()) {
            case REQUEST -> "RequestMessage<" + message.apiName() + "Response>";
            case RESPONSE -> "ResponseMessage";
            case HEADER, DATA -> "Message";
        };
    }

    private static Set<String> overridden(MessageDefinition message) {
        return message.kind() == Kind.RESPONSE ? Set.of("throttleTimeMs") : Set.of();
    }

    private static void constants(Source body, MessageDefinition message) {
        body.doc("The lowest version that there is.");
        body.line("public static final short LOWEST_VERSION = " + message.top().versions().low() + ";").gap();
        body.doc("The highest version that there is.");
        body.line("public static final short HIGHEST_VERSION = " + message.top().versions().high() + ";").gap();
    }

    private static void api(Source body, MessageDefinition message) {
        if (message.kind() == Kind.REQUEST || message.kind() == Kind.RESPONSE) {
            body.gap().line("@Override").line("public ApiKey apiKey() {");
            body.line("return ApiKey." + message.apiConstant() + ";").line("}");
        }
        if (message.kind() == Kind.REQUEST) {
            body.gap().line("@Override").line("public " + message.apiName() + "Response newResponse() {");
            body.line("return new " + message.apiName() + "Response();").line("}");
        }
        body.gap().line("@Override").line("public short lowestSupportedVersion() {").line("return LOWEST_VERSION;").line("}");
        body.gap().line("@Override").line("public short highestSupportedVersion() {").line("return HIGHEST_VERSION;").line("}");
    }

    private static void checkVersion(Source body, MessageDefinition message) {
        body.gap().line("private static void checkVersion(short version) {");
        body.line("if (version < LOWEST_VERSION || version > HIGHEST_VERSION) {");
        body.line("throw UnsupportedVersionException.of(\"" + message.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
        body.line("}").line("}");
    }

    private static void nested(Source body, MessageDefinition message, Struct struct) {
        body.gap().doc("A part of " + message.name() + ", " + struct.versions().words() + ".");
        body.line("public static final class " + struct.name() + " {").gap();
        if (message.hasArrayOf(struct)) {
            body.line("private static final int " + StructWriter.MINIMUM_SIZE + " = " + new MinimumSize(message).of(struct) + ";").gap();
        }
        StructWriter writer = new StructWriter(body, message, struct, Set.of());
        writer.fieldsAndAccessors();
        writer.codec(/* isMessage= */ false);
        writer.rest(/* isMessage= */ false);
        body.line("}");
    }

    private static String header(String body) {
        List<String> protocol = new ArrayList<>(List.of("ApiKey", "Bytes", "Message", "Reader", "RequestMessage", "ResponseMessage", "TaggedFields",
                "UnknownTaggedField", "UnsupportedFieldException", "UnsupportedVersionException", "Uuid", "Writer"));
        Set<String> imports = new TreeSet<>();
        protocol.stream().filter(name -> uses(body, name)).forEach(name -> imports.add("dev.kafkaboot.protocol." + name));
        List.of("ArrayList", "Arrays", "List", "Objects").stream().filter(name -> uses(body, name))
                .forEach(name -> imports.add("java.util." + name));
        if (uses(body, "@Nullable")) {
            imports.add("org.jspecify.annotations.Nullable");
        }
        StringBuilder text = new StringBuilder("package ").append(PACKAGE).append(";\n\n");
        imports.forEach(name -> text.append("import ").append(name).append(";\n"));
        return text.append('\n').toString();
    }

    private static boolean uses(String body, String name) {
        return Pattern.compile((name.startsWith("@") ? "" : "(?<![\\w.])") + name + "\\b").matcher(body).find();
    }
}
