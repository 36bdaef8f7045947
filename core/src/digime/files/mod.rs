//! The files of a session, and those that are pushed: how they are described, read and opened.

pub(super) mod all_files;
mod asked_list;
mod at_once;
pub(super) mod compression;
mod file_content;
mod file_failure;
pub(super) mod file_opening;
pub(super) mod file_reading;
mod file_source;
mod gzip_members;
mod polling;
pub(super) mod session_file;
mod shared_file_list;
pub(super) mod signed_descriptors;
mod waiting_time;

pub use file_content::FileContent;
pub use file_failure::FileFailure;
pub use file_source::FileSource;
pub use session_file::FileMetadata;
pub use shared_file_list::SharedFileList;
