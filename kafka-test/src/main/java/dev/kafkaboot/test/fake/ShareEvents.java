package dev.kafkaboot.test.fake;

/** Tells whoever wants to know what becomes of a group's records. */
record ShareEvents(FakeKafka cluster, String groupId) {

    static FakeShareEvent.Kind kindOf(ShareVerdict.Type type) {
        return switch (type) {
            case GAP -> FakeShareEvent.Kind.NO_RECORD;
            case ACCEPT -> FakeShareEvent.Kind.ACCEPTED;
            case RELEASE -> FakeShareEvent.Kind.RELEASED;
            case REJECT -> FakeShareEvent.Kind.REJECTED;
            case RENEW -> FakeShareEvent.Kind.RENEWED;
        };
    }

    void happened(FakeShareEvent.Kind kind, FakePartition partition, long offset, String memberId, int deliveryCount, boolean isOver) {
        cluster.shareEvent(new FakeShareEvent(groupId, partition.topic().name(), partition.index(), offset, memberId, kind, deliveryCount, isOver));
    }
}
