package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.autoconfigure.test.AutoConfigureFakeKafka;

@AutoConfigureFakeKafka
class EndToEndOnFakeKafkaTests extends EndToEndScenario {}
