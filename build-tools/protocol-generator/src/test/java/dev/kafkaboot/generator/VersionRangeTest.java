package dev.kafkaboot.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionRangeTest {

    private final VersionRange context = VersionRange.parse("2-9");

    @Test
    void rangesAreReadAsTheDefinitionsWriteThem() {
        assertThat(VersionRange.parse("none").isEmpty()).isTrue();
        assertThat(VersionRange.parse("3")).isEqualTo(new VersionRange(3, 3)).hasToString("3");
        assertThat(VersionRange.parse("3-5")).isEqualTo(new VersionRange(3, 5)).hasToString("3-5");
        assertThat(VersionRange.parse("3+")).isEqualTo(new VersionRange(3, Short.MAX_VALUE)).hasToString("3+");
    }

    @Test
    void aConditionAsksNoMoreThanItsContextLeavesOpen() {
        assertThat(VersionRange.parse("0+").condition(context)).isEqualTo("true");
        assertThat(VersionRange.parse("10+").condition(context)).isEqualTo("false");
        assertThat(VersionRange.parse("4+").condition(context)).isEqualTo("version >= 4");
        assertThat(VersionRange.parse("0-4").condition(context)).isEqualTo("version <= 4");
        assertThat(VersionRange.parse("4").condition(context)).isEqualTo("version == 4");
        assertThat(VersionRange.parse("4-6").condition(context)).isEqualTo("version >= 4 && version <= 6");
    }

    @Test
    void aNegatedConditionIsTheOppositeInEveryVersionOfItsContext() {
        assertThat(VersionRange.parse("0+").negatedCondition(context)).isEqualTo("false");
        assertThat(VersionRange.parse("10+").negatedCondition(context)).isEqualTo("true");
        assertThat(VersionRange.parse("4+").negatedCondition(context)).isEqualTo("version < 4");
        assertThat(VersionRange.parse("0-4").negatedCondition(context)).isEqualTo("version > 4");
        assertThat(VersionRange.parse("4").negatedCondition(context)).isEqualTo("version != 4");
        assertThat(VersionRange.parse("4-6").negatedCondition(context)).isEqualTo("(version < 4 || version > 6)");
    }
}
