/** Which versions of models there are and which of them answer, in a database. */
package dev.graft.server.registry;
