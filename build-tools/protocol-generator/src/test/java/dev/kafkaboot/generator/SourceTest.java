package dev.kafkaboot.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceTest {

    @Test
    void bracesMoveTheIndentation() {
        Source source = new Source().line("if (a) {").line("b();").line("} else {").line("c();").line("}").gap().line("d();");

        assertThat(source).hasToString("""
                if (a) {
                    b();
                } else {
                    c();
                }

                d();
                """);
    }

    @Test
    void documentationIsEscapedAndWrapped() {
        assertThat(new Source().doc("A <b> & {@code c} */ end.")).hasToString("/** A &lt;b&gt; &amp; {&#64;code c} *&#47; end. */\n");
        assertThat(new Source().doc("word ".repeat(40)).toString().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120))
                .startsWith("/**")
                .endsWith(" */");
    }
}
