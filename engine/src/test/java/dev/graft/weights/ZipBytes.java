package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Assembles zip files field by field, right ones and wrong ones. */
final class ZipBytes {

  /** What an entry claims of itself; the defaults are true. */
  static final class Item {
    String name;
    String localName;
    byte[] packed;
    int method;
    int flags;
    int crc;
    long size;
    long claimedPacked;
    long offset = -1;
    int unixMode;

    private Item(String name, byte[] content, boolean deflate) {
      this.name = name;
      this.localName = name;
      this.packed = deflate ? deflate(content) : content;
      this.method = deflate ? 8 : 0;
      this.size = content.length;
      this.claimedPacked = packed.length;
      CRC32 sum = new CRC32();
      sum.update(content);
      this.crc = (int) sum.getValue();
    }
  }

  private final List<Item> items = new ArrayList<>();
  private boolean zip64;
  private byte[] comment = {};

  Item store(String name, byte[] content) {
    items.add(new Item(name, content, false));
    return items.get(items.size() - 1);
  }

  Item deflate(String name, byte[] content) {
    items.add(new Item(name, content, true));
    return items.get(items.size() - 1);
  }

  /** Writes sizes and offsets into the zip64 records, as archives above 4 GiB must. */
  ZipBytes zip64() {
    zip64 = true;
    return this;
  }

  ZipBytes comment(String text) {
    comment = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  byte[] bytes() {
    int content = items.stream().mapToInt(item -> item.packed.length + 400).sum();
    ByteBuffer out =
        ByteBuffer.allocate(content + comment.length + 200).order(ByteOrder.LITTLE_ENDIAN);
    for (Item item : items) {
      if (item.offset < 0) {
        item.offset = out.position();
      }
      byte[] name = item.localName.getBytes(StandardCharsets.UTF_8);
      out.putInt(0x04034b50).putShort((short) 20).putShort((short) item.flags);
      out.putShort((short) item.method).putInt(0).putInt(item.crc);
      out.putInt((int) item.claimedPacked).putInt((int) item.size);
      out.putShort((short) name.length).putShort((short) 0).put(name).put(item.packed);
    }
    int directory = out.position();
    items.forEach(item -> central(out, item));
    end(out, directory);
    return Arrays.copyOf(out.array(), out.position());
  }

  private void central(ByteBuffer out, Item item) {
    byte[] name = item.name.getBytes(StandardCharsets.UTF_8);
    out.putInt(0x02014b50).putShort((short) 20).putShort((short) 20);
    out.putShort((short) item.flags).putShort((short) item.method).putInt(0).putInt(item.crc);
    out.putInt(zip64 ? -1 : (int) item.claimedPacked).putInt(zip64 ? -1 : (int) item.size);
    out.putShort((short) name.length).putShort((short) (zip64 ? 28 : 0)).putShort((short) 0);
    out.putShort((short) 0).putShort((short) 0).putInt(item.unixMode << 16);
    out.putInt(zip64 ? -1 : (int) item.offset).put(name);
    if (zip64) {
      out.putShort((short) 1).putShort((short) 24);
      out.putLong(item.size).putLong(item.claimedPacked).putLong(item.offset);
    }
  }

  private void end(ByteBuffer out, int directory) {
    int size = out.position() - directory;
    if (zip64) {
      int at = out.position();
      out.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
      out.putInt(0).putInt(0).putLong(items.size()).putLong(items.size());
      out.putLong(size).putLong(directory);
      out.putInt(0x07064b50).putInt(0).putLong(at).putInt(1);
    }
    short count = (short) (zip64 ? -1 : items.size());
    out.putInt(0x06054b50).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
    out.putInt(zip64 ? -1 : size).putInt(zip64 ? -1 : directory);
    out.putShort((short) comment.length).put(comment);
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[content.length + 64];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }
}
