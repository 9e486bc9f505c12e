package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a member of a consumer group is besides that speaks the classic protocol: how it is to be heard, and what it said when it joined.
 *
 * @param sessionTimeoutMillis when it is given up
 * @param protocols its protocols, the one that it likes best first
 */
record ClassicPart(int sessionTimeoutMillis, List<JoinGroupRequestProtocol> protocols) {

    ClassicPart {
        protocols = List.copyOf(protocols);
    }

    /** The protocol that it is told to speak: nobody but the coordinator assigns, so that it is of no account. */
    String protocolName() {
        return protocols.get(0).name();
    }

    /** The version in which it reads assignments. */
    short version() {
        return ByteBuffer.wrap(protocols.get(0).metadata()).getShort();
    }

    /**
     * What it reads.
     *
     * @throws dev.kafkaboot.protocol.ProtocolException if what it said cannot be understood
     */
    ConsumerProtocolSubscription subscription() {
        return ConsumerProtocol.readSubscription(protocols.get(0).metadata());
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(own -> own.name().equals(protocol));
    }
}
