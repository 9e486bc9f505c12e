package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressHistoryTest {

    private final InetAddress one = address(1);
    private final InetAddress two = address(2);
    private final InetAddress three = address(3);
    private final AddressHistory history = new AddressHistory();

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void addressesAreTriedAsTheyAreGiven() {
        assertThat(history.order(List.of(two, one))).containsExactly(two, one);
    }

    @Test
    void addressThatFailedIsTriedLast() {
        history.failed(one);
        history.failed(two);
        history.failed(one);

        assertThat(history.order(List.of(one, two, three))).containsExactly(three, two, one);
    }

    @Test
    void addressThatWorksAgainHasItsPlaceBack() {
        history.failed(one);

        history.worked(one);

        assertThat(history.order(List.of(one, two))).containsExactly(one, two);
    }

    @Test
    void addressThatIsGoneIsForgotten() {
        history.failed(one);
        history.order(List.of(two));

        assertThat(history.order(List.of(one, two))).containsExactly(one, two);
    }

    @Test
    void addressesBearTheNamesUnderWhichTheyWereFoundLast() {
        history.failed(Inet.named("old", one));

        assertThat(history.order(List.of(two, Inet.named("new", one)))).extracting(InetAddress::getHostName).last().isEqualTo("new");
    }
}
