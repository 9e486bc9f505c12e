package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApiPartTest {

    @ParameterizedTest
    @EnumSource
    void addsTheApisThatItNames(ApiPart part) {
        Apis apis = FakeKafka.builder().build().apis();

        assertThat(part.keys()).isNotEmpty().allSatisfy(key ->
                assertThat(apis.find(key.id())).isNotNull().extracting(Api::key).isEqualTo(key));
    }

    @Test
    void noTwoNameTheSameApi() {
        assertThat(Arrays.stream(ApiPart.values()).flatMap(part -> part.keys().stream())).doesNotHaveDuplicates().contains(ApiKey.API_VERSIONS);
    }

    @Test
    void apiThatIsNotBuiltIsNotFound() {
        Apis apis = FakeKafka.builder().build().apis();

        assertThat(apis.find(ApiKey.VOTE.id())).isNull();
        assertThat(apis.find((short) -1)).isNull();
    }
}
