package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.weights.ReadOptions.Access;
import dev.graft.weights.WeightFormatException.Reason;
import dev.graft.weights.ZipBytes.Item;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {

  private static final byte[] CONTENT = {1, 2, 3, 4, 5};

  private final ZipBytes zip = new ZipBytes();
  private final Item stored = zip.store("a/stored", CONTENT);
  private final Item deflated = zip.deflate("a/deflated", new byte[1000]);

  @Test
  void storedAndDeflatedEntries() {
    ZipArchive archive = open(zip.bytes());
    assertEquals(List.of("a/stored", "a/deflated"), List.copyOf(archive.entries().keySet()));
    assertEquals(ByteBuffer.wrap(CONTENT), read(archive, "a/stored"));
    assertEquals(ByteBuffer.wrap(new byte[1000]), read(archive, "a/deflated"));
    assertEquals(
        ByteBuffer.wrap(new byte[10]), archive.head(archive.entries().get("a/deflated"), 10));
  }

  @Test
  void sizesInZip64Records() {
    ZipArchive archive = open(zip.zip64().bytes());
    assertEquals(ByteBuffer.wrap(CONTENT), read(archive, "a/stored"));
    assertEquals(ByteBuffer.wrap(new byte[1000]), read(archive, "a/deflated"));
  }

  @Test
  void aCommentMayFollow() {
    assertEquals(2, open(zip.comment("made by hand").bytes()).entries().size());
  }

  @Test
  void foldersAreLeftOut() {
    Item folder = zip.store("a/", new byte[0]);
    assertEquals(0, folder.size);
    assertEquals(2, open(zip.bytes()).entries().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc/passwd", "../up", "a/../../up", "a\\b", "C:x", "..", "", "a\u0000b", "a\nb"})
  void aNameThatLeavesTheFolder(String name) {
    refused(Reason.UNSAFE_NAME, item -> item.name = item.localName = name);
  }

  @Test
  void aNameThatIsALink() {
    refused(Reason.UNSAFE_NAME, item -> item.unixMode = 0xA1FF);
  }

  @Test
  void twoEntriesOfOneName() {
    refused(Reason.DUPLICATE_NAME, item -> item.name = item.localName = "a/deflated");
  }

  @Test
  void anEncryptedEntry() {
    refused(Reason.BAD_ARCHIVE, item -> item.flags = 1);
  }

  @Test
  void anUnknownMethod() {
    refused(Reason.BAD_ARCHIVE, item -> item.method = 12);
  }

  @Test
  void anotherNameInTheLocalHeader() {
    refused(Reason.BAD_ARCHIVE, item -> item.localName = "a/stoned");
  }

  @Test
  void aStoredEntryOfTwoSizes() {
    refused(Reason.BAD_ARCHIVE, item -> item.size = 6);
  }

  @Test
  void anEntryThatReachesIntoTheNext() {
    refused(
        Reason.BAD_ARCHIVE,
        item -> {
          item.size = 20;
          item.claimedPacked = 20;
        });
  }

  @Test
  void anEntryThatReachesBeyondTheFile() {
    refused(
        Reason.TRUNCATED,
        item -> {
          item.size = 1_000_000;
          item.claimedPacked = 1_000_000;
        });
  }

  @Test
  void twoEntriesThatShareTheirData() {
    Item again = zip.store("b", CONTENT);
    // The second entry's directory record points at the first one's local header.
    byte[] once = zip.bytes();
    assertEquals(3, open(once).entries().size());
    again.offset = stored.offset;
    refused(Reason.BAD_ARCHIVE, item -> {});
  }

  @Test
  void anEntryThatExpandsTooFar() {
    Item bomb = zip.deflate("bomb", new byte[2 << 20]);
    assertTrue(bomb.size / bomb.claimedPacked > 500);
    refused(Reason.COMPRESSION_RATIO, item -> {});
    ReadOptions trusting = new ReadOptions(Access.AUTO, 100_000_000, 2000);
    assertEquals(3, ZipArchive.open(FileBytes.of(zip.bytes()), trusting).entries().size());
  }

  @Test
  void anEntryThatClaimsToExpandFurtherThanTheMethodCan() {
    deflated.size = 1 << 20;
    refused(Reason.BAD_ARCHIVE, item -> {});
  }

  @Test
  void anEntryThatUnpacksToAnotherSize() {
    for (long size : new long[] {999, 1001}) {
      deflated.size = size;
      ZipArchive archive = open(zip.bytes());
      refusedRead(archive, "a/deflated");
    }
  }

  @Test
  void anEntryWithAnotherChecksum() {
    deflated.crc++;
    refusedRead(open(zip.bytes()), "a/deflated");
  }

  @Test
  void anEntryThatIsNoDeflatedData() {
    Arrays.fill(deflated.packed, (byte) 0xFF);
    refusedRead(open(zip.bytes()), "a/deflated");
  }

  @Test
  void anArchiveCutShortAnywhere() {
    byte[] bytes = zip.bytes();
    for (int length = 22; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      WeightFormatException e = assertThrows(WeightFormatException.class, () -> open(cut));
      assertEquals(Reason.TRUNCATED, e.reason(), e.getMessage());
    }
  }

  @Test
  void aDirectoryOutsideTheFile() {
    byte[] bytes = zip.bytes();
    for (int field : new int[] {12, 16}) {
      byte[] wrong = bytes.clone();
      Arrays.fill(wrong, bytes.length - 22 + field, bytes.length - 22 + field + 3, (byte) 0x7F);
      WeightFormatException e = assertThrows(WeightFormatException.class, () -> open(wrong));
      assertEquals(Reason.BAD_ARCHIVE, e.reason(), e.getMessage());
    }
  }

  @Test
  void moreEntriesThanFitIntoTheDirectory() {
    byte[] bytes = zip.bytes();
    bytes[bytes.length - 22 + 10] = 100;
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> open(bytes));
    assertEquals(Reason.BAD_ARCHIVE, e.reason(), e.getMessage());
  }

  private void refused(Reason reason, Consumer<Item> spoil) {
    spoil.accept(stored);
    byte[] bytes = zip.bytes();
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> open(bytes));
    assertEquals(reason, e.reason(), e.getMessage());
  }

  private static void refusedRead(ZipArchive archive, String name) {
    WeightFormatException e = assertThrows(WeightFormatException.class, () -> read(archive, name));
    assertEquals(Reason.BAD_ARCHIVE, e.reason(), e.getMessage());
  }

  private static ByteBuffer read(ZipArchive archive, String name) {
    return archive.read(archive.entries().get(name));
  }

  private static ZipArchive open(byte[] bytes) {
    return ZipArchive.open(FileBytes.of(bytes), ReadOptions.defaults());
  }
}
