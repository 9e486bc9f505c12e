package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.autoconfigure.test.AutoConfigureRealKafka;

@AutoConfigureRealKafka
class EndToEndOnRealKafkaTests extends EndToEndScenario {}
