package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class DiagnosisTest {

    @Test
    void whatTheNameServiceSaysBeyondTheNameIsTold() {
        assertThat(Diagnosis.reason(new UnknownHostException("b1.example"))).isEqualTo("cannot be resolved: no such host");
        assertThat(Diagnosis.reason(new UnknownHostException("b1.example: Temporary failure in name resolution")))
                .isEqualTo("cannot be resolved: no such host (b1.example: Temporary failure in name resolution)");
    }
}
